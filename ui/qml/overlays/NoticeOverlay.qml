import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// The power has failed: what becomes of what was begun. Stands until it is read.
Overlay {
    id: root

    signal closed

    contentHeight: column.implicitHeight
    name: "notice"

    ColumnLayout {
        id: column

        spacing: 24
        width: parent.width

        Icon {
            accent: Theme.warningInk
            color: Theme.warningInk
            name: "warn"
            size: 112
            stroke: 2.6
        }
        Title {
            Layout.fillWidth: true
            text: Flow.frame.noticeTitle ?? ""
        }
        Txt {
            Layout.bottomMargin: 24
            Layout.fillWidth: true
            font.pixelSize: Sizes.body
            text: Flow.frame.noticeText ?? ""
        }
        Answers {
            Layout.fillWidth: true
            main: Words.t["power.read"]
            mainName: "notice:read"

            onMainPressed: root.closed()
        }
    }
}
