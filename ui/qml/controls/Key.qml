import QtQuick
import Kiosk

// One key: a figure or letter, or a sign with its word for assistive technology.
Pressable {
    id: root

    property string code
    property string face // what stands on it, where that is not its code
    property bool held: false // it is on
    property bool wordy: root.code === "clear" || root.done
    readonly property bool done: root.code === "done"
    readonly property string sign: root.signs[root.code] ?? ""
    readonly property var signs: ({
            "back": "erase",
            "more": "next",
            "shift": "up"
        })

    objectName: "key:" + root.code
    radius: Sizes.radiusButton
    text: root.face || Words.t["key." + root.code] || root.code

    background: Rectangle {
        border.color: root.done || root.held ? Theme.primary : Theme.outline
        border.width: root.held ? 4 : 2
        color: root.done ? (root.pressed ? Theme.primaryPressed : Theme.primary) : root.pressed || root.held ? Theme.primaryTint : Theme.surface
        radius: root.radius
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: root.sign
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
            strong: root.done || root.held || !root.wordy
            text: root.sign ? "" : root.text
            width: parent.width - 12
            wrapMode: Text.NoWrap
        }
    }
}
