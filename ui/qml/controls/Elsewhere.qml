import QtQuick
import QtQuick.Layouts
import Kiosk

// Where else to go, when something does not work here.
Rectangle {
    id: root

    property var choice: ({})

    border.color: Theme.primary
    border.width: 2
    color: Theme.surface
    implicitHeight: Math.max(Theme.landscape ? 112 : 156, row.implicitHeight + 32)
    radius: Sizes.radiusCard

    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.leftMargin: 32
        anchors.right: parent.right
        anchors.rightMargin: 32
        anchors.verticalCenter: parent.verticalCenter
        spacing: 26

        Icon {
            name: root.choice.icon ?? ""
            size: 68
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Txt {
                Layout.fillWidth: true
                font.pixelSize: Theme.elder ? Sizes.button : 34
                leading: 1.35
                strong: true
                text: root.choice.title ?? ""
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: Theme.elder ? Sizes.note : 28
                leading: 1.35
                text: root.choice.note ?? ""
            }
        }
    }
}
