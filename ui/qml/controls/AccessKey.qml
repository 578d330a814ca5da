import QtQuick
import QtQuick.Layouts
import Kiosk

// A key of the access bar: sign and word, beside or below each other.
Pressable {
    id: root

    property bool below: false
    property bool framed: false
    property string iconName

    bottomPadding: 6
    leftPadding: root.below ? 4 : 10
    radius: Sizes.radiusButton
    rightPadding: root.below ? 4 : 10
    topPadding: 6

    background: Rectangle {
        color: root.pressed ? Theme.primaryTint : root.framed ? Qt.alpha(Theme.surface, 0.86) : "transparent"
        radius: root.radius
    }
    contentItem: Item {
        implicitHeight: grid.implicitHeight
        implicitWidth: grid.implicitWidth

        GridLayout {
            id: grid

            anchors.centerIn: parent
            columnSpacing: 12
            columns: root.below ? 1 : 2
            rowSpacing: 4
            width: Math.min(parent.width, implicitWidth)

            Icon {
                Layout.alignment: Qt.AlignCenter
                color: Theme.ink
                name: root.iconName
                size: root.below ? 38 : 40
            }
            Txt {
                Layout.alignment: Qt.AlignCenter
                Layout.fillWidth: true
                Layout.maximumWidth: Math.ceil(implicitWidth)
                font.pixelSize: root.below ? 24 : 26
                horizontalAlignment: Text.AlignHCenter
                leading: 1.2
                text: root.text
            }
        }
    }
}
