import QtQuick
import Kiosk

// A picture of ui/icons in the colours of the moment; one detail in seal red, none when greyed.
Image {
    id: root

    property color accent: Theme.seal
    property color color: Theme.primary
    property string name
    property real size: 48
    property real stroke: root.size >= 64 ? 2.4 : root.size <= 36 ? 3.2 : 2.8

    function hex(value: color): string {
        return String(value).slice(-6);
    }

    height: root.size
    source: root.name ? `image://svg/${root.name}?c=${root.hex(root.color)}&a=${root.hex(root.accent)}&w=${root.stroke}` : ""
    sourceSize: Qt.size(Math.ceil(root.size * Theme.scale), Math.ceil(root.size * Theme.scale))
    visible: root.name !== ""
    width: root.size
}
