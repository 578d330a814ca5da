import QtQuick
import Kiosk

// Where a station of the service stands: done, now, later.
Item {
    id: root

    property int number: 1
    property string phase: "later"
    property real size: 44

    implicitHeight: root.size
    implicitWidth: root.phase === "now" ? root.size : root.size - 4

    Rectangle {
        anchors.centerIn: parent
        border.color: root.phase === "done" ? Theme.primary : Theme.outline
        border.width: root.phase === "now" ? 0 : 2
        color: root.phase === "now" ? Theme.seal : root.phase === "done" ? Theme.primaryTint : "transparent"
        height: width
        radius: root.phase === "now" ? 8 : width / 2
        width: parent.width
    }
    Icon {
        anchors.centerIn: parent
        name: root.phase === "done" ? "check" : ""
        size: root.size * 0.54
        stroke: 6
    }
    Text {
        anchors.centerIn: parent
        color: root.phase === "now" ? Theme.onSeal : Theme.inkMuted
        font.family: root.phase === "now" ? Theme.titleFont : Theme.bodyFont
        font.pixelSize: Math.round(root.size * (root.phase === "now" ? 0.59 : 0.54))
        font.weight: Font.Bold
        text: root.phase === "done" ? "" : root.number
        textFormat: Text.PlainText
    }
}
