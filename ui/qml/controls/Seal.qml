import QtQuick
import Kiosk

// The bureau's red square with one character.
Rectangle {
    id: root

    property string character
    property real size: 64

    color: Theme.seal
    height: root.size
    implicitHeight: root.size
    implicitWidth: root.size
    radius: root.size * 9 / 64
    width: root.size

    Rectangle {
        anchors.fill: parent
        anchors.margins: root.size * 4.6 / 64
        border.color: Theme.onSeal
        border.width: Math.max(1, root.size * 1.8 / 64)
        color: "transparent"
        radius: root.size * 6 / 64
    }
    Text {
        anchors.centerIn: parent
        anchors.verticalCenterOffset: -root.size * 0.01
        color: Theme.onSeal
        font.family: Theme.titleFont
        font.pixelSize: Math.round(root.size * 39 / 64)
        font.weight: Font.Bold
        text: root.character
        textFormat: Text.PlainText
    }
}
