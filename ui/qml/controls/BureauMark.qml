import QtQuick
import QtQuick.Layouts
import Kiosk

// Seal, bureau and hall; a long name takes a second line where the width is given.
RowLayout {
    id: root

    property real size: 72

    spacing: 20

    Seal {
        character: Words.t["header.seal"]
        size: root.size
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: 2

        Text {
            Layout.fillWidth: true
            color: Theme.ink
            font.family: Theme.titleFont
            font.letterSpacing: Words.lang.startsWith("zh") ? 2 : 0
            font.pixelSize: Math.round(root.size / 2)
            font.weight: Font.Bold
            text: Flow.frame.bureau
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
        }
        Txt {
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: 26
            leading: 1.2
            text: [Flow.frame.hall, Flow.frame.terminal].filter(part => part).join(" · ")
            wrapMode: Text.NoWrap
        }
    }
}
