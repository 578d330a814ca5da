import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// One device: what was tried and what came of it.
Rectangle {
    id: root

    readonly property var tones: ({
            "idle": "unknown",
            "running": "low",
            "ok": "ok",
            "failed": "bad",
            "untried": "unknown"
        })
    property var trial: ({})

    border.color: root.trial.state === "failed" ? Theme.danger : Theme.line
    border.width: 2
    color: Theme.surface
    implicitHeight: inner.implicitHeight + 28
    radius: Sizes.radiusButton

    RowLayout {
        id: inner

        anchors.left: parent.left
        anchors.margins: 26
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 24

        Icon {
            accent: Theme.warning
            color: Theme.ink
            name: root.trial.icon ?? ""
            size: 52
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            Txt {
                Layout.fillWidth: true
                font.pixelSize: 30
                leading: 1.25
                strong: true
                text: root.trial.name ?? ""
            }
            Tone {
                Layout.fillWidth: true
                text: Words.t["bench.trial." + (root.trial.state ?? "idle")]
                tone: root.tones[root.trial.state ?? "idle"]
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: 24
                leading: 1.3
                text: (root.trial.lines ?? []).join("\n")
                visible: text !== ""
            }
        }
        StaffKey {
            enabled: !Staff.page.busy
            key: root.trial.key ?? ({})
        }
    }
}
