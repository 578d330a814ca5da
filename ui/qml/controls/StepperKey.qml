import QtQuick
import Kiosk

// One more, or one less.
Pressable {
    id: root

    property string iconName

    implicitHeight: 144
    implicitWidth: 144
    radius: 72

    background: Rectangle {
        border.color: root.enabled ? Theme.primary : Theme.line
        border.width: 4
        color: root.pressed ? Theme.primaryTint : Theme.surface
        radius: root.radius
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            accent: color
            color: root.enabled ? Theme.primary : Theme.line
            name: root.iconName
            size: 72
            stroke: 4
        }
    }
}
