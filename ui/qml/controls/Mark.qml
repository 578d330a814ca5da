import QtQuick
import QtQuick.Layouts
import Kiosk

// A state as sign and word: a tick in green, a triangle in bold amber ink.
RowLayout {
    id: root

    property int fontSize: Sizes.note
    property bool ok: true
    property string text

    spacing: Math.round(root.fontSize * 0.3)

    Icon {
        Layout.alignment: Qt.AlignTop
        Layout.topMargin: Math.round((label.lineHeight - size) / 2)
        accent: color
        color: label.color
        name: root.ok ? "check" : "warn"
        size: Math.round(root.fontSize * 1.1)
        stroke: root.ok ? 5 : 4
    }
    Txt {
        id: label

        Layout.alignment: Qt.AlignLeft
        Layout.fillWidth: true
        Layout.maximumWidth: Math.ceil(implicitWidth)
        color: root.ok ? Theme.success : Theme.warningInk
        font.pixelSize: root.fontSize
        strong: !root.ok
        text: root.text
    }
    Item {
        Layout.fillWidth: true
    }
}
