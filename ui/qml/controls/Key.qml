import QtQuick
import Kiosk

// One key: a figure or letter, or a sign with its word for assistive technology.
Pressable {
    id: root

    property string code
    readonly property bool done: root.code === "done"
    readonly property bool sign: root.code === "back"
    readonly property bool wordy: root.code === "clear" || root.done

    objectName: "key:" + root.code
    radius: Sizes.radiusButton
    text: root.code === "back" ? Words.t["key.back"] : root.code === "clear" ? Words.t["key.clear"] : root.done ? Words.t["key.done"] : root.code

    background: Rectangle {
        border.color: root.done ? Theme.primary : Theme.outline
        border.width: 2
        color: root.done ? (root.pressed ? Theme.primaryPressed : Theme.primary) : root.pressed ? Theme.primaryTint : Theme.surface
        radius: root.radius
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: root.sign ? "erase" : ""
            size: Theme.elder ? 56 : 48
        }
        Txt {
            anchors.centerIn: parent
            color: root.done ? Theme.onPrimary : Theme.ink
            font.pixelSize: root.wordy ? (Theme.elder ? 34 : 28) : (Theme.elder ? 52 : 44)
            fontSizeMode: Text.HorizontalFit
            horizontalAlignment: Text.AlignHCenter
            leading: 1.2
            minimumPixelSize: 24
            strong: root.done || !root.wordy
            text: root.sign ? "" : root.text
            width: parent.width - 12
            wrapMode: Text.NoWrap
        }
    }
}
