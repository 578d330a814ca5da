import QtQuick
import Kiosk

// A layer of an illustration at the size it is shown; drawn once the layout has given it one.
Image {
    id: root

    property color light: Theme.warning
    property string name

    fillMode: Image.PreserveAspectFit
    source: root.name && root.width > 0 ? `image://svg/art/${root.name}?l=${String(root.light).slice(-6)}` : ""
    sourceSize: Qt.size(Math.ceil(root.width * Theme.scale), 0)
}
