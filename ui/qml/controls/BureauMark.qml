import QtQuick
import Kiosk

// Seal, bureau and hall.
Row {
    id: root

    property real size: 72

    spacing: 20

    Seal {
        anchors.verticalCenter: parent.verticalCenter
        character: Words.t["header.seal"]
        size: root.size
    }
    Column {
        anchors.verticalCenter: parent.verticalCenter
        spacing: 2

        Text {
            color: Theme.ink
            font.family: Theme.titleFont
            font.letterSpacing: Words.lang.startsWith("zh") ? 2 : 0
            font.pixelSize: Math.round(root.size / 2)
            font.weight: Font.Bold
            text: Flow.frame.bureau
            textFormat: Text.PlainText
        }
        Txt {
            color: Theme.inkMuted
            font.pixelSize: 26
            leading: 1.2
            text: [Flow.frame.hall, Flow.frame.terminal].filter(part => part).join(" · ")
            wrapMode: Text.NoWrap
        }
    }
}
