import QtQuick
import QtQuick.Layouts
import Kiosk

// One face with its word.
Pressable {
    id: root

    property bool beside: false
    property var choice: ({})
    property bool low: false

    Accessible.role: Accessible.RadioButton
    bottomPadding: root.low ? 10 : 20
    implicitHeight: root.beside ? (root.low ? 112 : 148) : Math.max(Theme.landscape ? 300 : 340, implicitContentHeight + 40)
    leftPadding: root.beside ? 40 : 8
    objectName: "level:" + (root.choice.id ?? "")
    radius: Sizes.radiusCard
    rightPadding: root.beside ? 40 : 8
    text: root.choice.title ?? ""
    topPadding: root.low ? 10 : 20

    background: Rectangle {
        border.color: root.checked ? Theme.primary : Theme.line
        border.width: root.checked ? 5 : Theme.elder ? 3 : 2
        color: root.checked || root.pressed ? Theme.primaryTint : Theme.surface
        radius: root.radius
    }
    contentItem: GridLayout {
        columnSpacing: 36
        columns: root.beside ? 2 : 1
        rowSpacing: 16

        Icon {
            Layout.alignment: Qt.AlignCenter
            name: root.choice.icon ?? ""
            size: root.beside ? (root.low ? 80 : 96) : 116
            stroke: 2.2
        }
        Txt {
            Layout.alignment: root.beside ? Qt.AlignVCenter : Qt.AlignTop
            Layout.fillWidth: true
            font.pixelSize: root.beside ? 44 : Theme.elder ? 34 : 28
            horizontalAlignment: root.beside ? Text.AlignLeft : Text.AlignHCenter
            leading: 1.3
            strong: root.checked || root.beside
            text: root.text
        }
    }
}
