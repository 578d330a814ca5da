import QtQuick
import Kiosk
import "../controls"
import "../staff"

// One device of the list; touched, it is looked at.
Pressable {
    id: root

    readonly property bool chosen: Panel.device.name === root.device.name
    property var device: ({})

    implicitHeight: 72
    objectName: "device:" + (root.device.name ?? "")
    text: root.device.title ?? ""

    background: Rectangle {
        border.color: root.chosen ? Theme.primary : Theme.line
        border.width: root.chosen ? 3 : 2
        color: root.pressed ? Theme.primaryTint : Theme.surface
        radius: root.radius
    }
    contentItem: Item {
        Tone {
            anchors.left: parent.left
            anchors.leftMargin: 20
            anchors.right: parent.right
            anchors.rightMargin: 12
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
            tone: root.device.tone ?? "ok"
        }
    }

    onClicked: Panel.select(root.device.name)
}
