import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Language and elder mode, before anything else.
RowLayout {
    spacing: 24

    SecondButton {
        Layout.fillWidth: true
        Layout.preferredWidth: Theme.landscape ? implicitWidth : 100
        fontSize: Theme.landscape ? 28 : 34
        iconName: "globe"
        implicitHeight: 104
        objectName: "language:" + Words.other.tag
        radius: Sizes.radiusMain
        text: Words.other.name

        onClicked: Flow.language(Words.other.tag)
    }
    SecondButton {
        id: elder

        Layout.fillWidth: true
        Layout.preferredWidth: Theme.landscape ? implicitWidth : 100
        fontSize: Theme.landscape ? 28 : 34
        iconName: "text"
        implicitHeight: 104
        objectName: Theme.elder ? "mode:standard" : "mode:elder"
        radius: Sizes.radiusMain
        text: Theme.elder ? Words.t["access.standard"] : Words.t["attract.elder"]

        background: Rectangle {
            border.color: Theme.primary
            border.width: 2
            color: elder.pressed ? Qt.darker(Theme.primaryTint, 1.08) : Theme.primaryTint
            radius: elder.radius
        }

        onClicked: Flow.mode(Theme.elder ? "standard" : "elder")
    }
}
