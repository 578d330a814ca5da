import QtQuick
import QtQuick.Layouts
import Kiosk

// One more service over the whole width.
Pressable {
    id: root

    property var choice: ({})

    bottomPadding: 20
    implicitHeight: Math.max(Theme.landscape ? 96 : 132, implicitContentHeight + 32)
    leftPadding: 32
    objectName: "tile:" + (root.choice.id ?? "")
    radius: Sizes.radiusCard
    rightPadding: 32
    text: root.choice.title ?? ""
    topPadding: 12

    background: Rectangle {
        color: root.pressed ? Qt.darker(Theme.primaryTint, 1.08) : Theme.primaryTint
        radius: root.radius
    }
    contentItem: RowLayout {
        spacing: 24

        Icon {
            name: root.choice.icon ?? ""
            size: Theme.elder ? 80 : 60
        }
        GridLayout {
            Layout.fillWidth: true
            columnSpacing: 24
            columns: Theme.landscape ? 2 : 1
            rowSpacing: 0

            Txt {
                Layout.fillWidth: !Theme.landscape
                font.pixelSize: Theme.elder ? Sizes.button : 32
                leading: 1.35
                strong: true
                text: root.text
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: Sizes.note
                leading: 1.35
                text: root.choice.note ?? ""
            }
        }
        Icon {
            name: "next"
            size: 40
            stroke: 4
        }
    }
}
