import QtQuick
import Kiosk

// One short word of a grid: a year, a month, a day. A touch is the answer.
Pressable {
    id: root

    property var choice: ({})
    property bool narrow: false
    readonly property bool closed: !(root.choice.enabled ?? true)

    Accessible.role: Accessible.RadioButton
    enabled: !root.closed
    implicitHeight: root.narrow ? (Theme.landscape ? (Theme.elder ? 96 : 104) : Theme.elder ? 112 : 120) : Theme.landscape ? 124 : Theme.elder ? 132 : 140
    objectName: "option:" + (root.choice.id ?? "")
    radius: Sizes.radiusMain
    text: root.choice.title ?? ""

    background: Rectangle {
        border.color: root.checked ? Theme.primary : Theme.outline
        border.width: root.checked || root.closed ? 0 : 2
        color: root.checked ? Theme.primary : root.closed ? "transparent" : root.pressed ? Theme.primaryTint : Theme.surface
        radius: root.radius
    }
    contentItem: Item {
        Txt {
            anchors.centerIn: parent
            color: root.checked ? Theme.onPrimary : root.closed ? Theme.inkMuted : Theme.ink
            font.pixelSize: Theme.elder ? 46 : 40
            fontSizeMode: Text.HorizontalFit
            horizontalAlignment: Text.AlignHCenter
            leading: 1.2
            minimumPixelSize: 24
            strong: !root.closed
            text: root.text
            width: parent.width
            wrapMode: Text.NoWrap
        }
    }
}
