import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Something counted.
Rectangle {
    id: root

    property var figure: ({})

    border.color: Theme.line
    border.width: 2
    color: Theme.surface
    implicitHeight: column.implicitHeight + 36
    radius: Sizes.radiusButton

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.leftMargin: Theme.landscape ? 26 : 16
        anchors.right: parent.right
        anchors.rightMargin: Theme.landscape ? 18 : 10
        anchors.top: Theme.landscape ? undefined : parent.top
        anchors.topMargin: 18
        anchors.verticalCenter: Theme.landscape ? parent.verticalCenter : undefined
        spacing: 2

        Txt {
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: 24
            leading: 1.3
            text: root.figure.title ?? ""
        }
        Txt {
            Layout.fillWidth: true
            font.pixelSize: 32
            leading: 1.3
            strong: true
            text: root.figure.value ?? ""
        }
        Txt {
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: 24
            leading: 1.3
            text: root.figure.note ?? ""
            visible: text !== ""
        }
    }
}
