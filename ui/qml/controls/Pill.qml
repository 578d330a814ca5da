import QtQuick
import QtQuick.Layouts
import Kiosk

// A round key of the header: filled, outlined, or only words.
Pressable {
    id: root

    property bool filled: false
    property int fontSize: Theme.elder ? 36 : 28
    property bool framed: true
    property string iconName
    property bool iconAfter: false
    readonly property color on: root.filled ? Theme.onPrimary : root.framed ? Theme.ink : Theme.primary
    property bool strong: false

    implicitHeight: Theme.elder ? 92 : 72
    leftPadding: root.framed ? 28 : 8
    radius: root.framed ? root.height / 2 : Sizes.radiusButton
    rightPadding: root.framed ? 28 : 8

    background: Rectangle {
        border.color: root.filled ? Theme.primary : Theme.outline
        border.width: root.framed ? 2 : 0
        color: root.pressed ? (root.filled ? Theme.primaryPressed : Theme.primaryTint) : root.filled ? Theme.primary : root.framed ? Theme.surface : "transparent"
        radius: root.radius
    }
    contentItem: RowLayout {
        layoutDirection: root.iconAfter ? Qt.RightToLeft : Qt.LeftToRight
        spacing: 12

        Icon {
            accent: color
            color: root.on
            name: root.iconName
            size: 36
            stroke: root.framed ? 3 : 4
        }
        Txt {
            Layout.fillWidth: true
            color: root.on
            font.pixelSize: root.fontSize
            horizontalAlignment: Text.AlignHCenter
            leading: 1.2
            strong: root.strong || !root.framed
            text: root.text
            wrapMode: Text.NoWrap
        }
    }
}
