import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// How good or bad something is, said thrice: sign, colour, words.
RowLayout {
    id: root

    property int fontSize: 26
    readonly property color ink: root.tone === "ok" ? Theme.success : root.tone === "low" ? Theme.warningInk : root.tone === "bad" ? Theme.danger : Theme.inkMuted
    property string text
    property string tone: "ok"

    spacing: 10

    Icon {
        Layout.alignment: Qt.AlignTop
        Layout.topMargin: Math.round(root.fontSize * 0.12)
        accent: root.ink
        color: root.ink
        name: root.tone === "ok" ? "check" : root.tone === "low" ? "warn" : root.tone === "bad" ? "x" : "help"
        size: Math.round(root.fontSize * 1.15)
        stroke: 4
    }
    Txt {
        Layout.fillWidth: true
        color: root.ink
        font.pixelSize: root.fontSize
        leading: 1.35
        text: root.text
    }
}
