pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// One batch of the card terminal: how it stands, what terminal and book have counted, and what can be done.
Rectangle {
    id: root

    property var batch: ({})
    property var columns: ["", "", ""]
    readonly property var keys: root.batch.keys ?? []
    readonly property var rows: root.batch.rows ?? []

    border.color: root.batch.tone === "bad" ? Theme.danger : root.batch.tone === "low" ? Theme.warning : Theme.line
    border.width: 2
    color: Theme.surface
    implicitHeight: inner.implicitHeight + 48
    radius: Sizes.radiusButton

    ColumnLayout {
        id: inner

        anchors.left: parent.left
        anchors.margins: 28
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 12

        GridLayout {
            Layout.fillWidth: true
            columnSpacing: 24
            columns: Theme.landscape ? 2 : 1
            rowSpacing: 2

            Txt {
                Layout.fillWidth: !Theme.landscape
                font.pixelSize: 30
                leading: 1.25
                strong: true
                text: root.batch.title ?? ""
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: 26
                leading: 1.25
                text: root.batch.facts ?? ""
                visible: text !== ""
            }
        }
        Tone {
            Layout.fillWidth: true
            fontSize: 30
            text: root.batch.state ?? ""
            tone: root.batch.tone ?? "unknown"
        }
        Txt {
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: 26
            leading: 1.35
            text: root.batch.note ?? ""
            visible: text !== ""
        }
        GridLayout {
            Layout.fillWidth: true
            Layout.topMargin: 6
            columnSpacing: 24
            columns: 3
            rowSpacing: 8
            visible: root.rows.length > 0

            Repeater {
                model: root.rows.length > 0 ? 3 : 0

                Txt {
                    required property int index

                    Layout.fillWidth: index > 0
                    Layout.preferredWidth: index > 0 ? 100 : 180
                    color: Theme.inkMuted
                    font.pixelSize: 26
                    text: root.columns[index] ?? ""
                }
            }
            Repeater {
                model: root.rows.length * 3

                Txt {
                    required property int index
                    readonly property int at: index % 3
                    readonly property var row: root.rows[Math.floor(index / 3)] ?? ({})

                    Layout.fillWidth: at > 0
                    Layout.preferredWidth: at > 0 ? 100 : 180
                    color: at === 0 ? Theme.inkMuted : row.tone === "bad" ? Theme.danger : Theme.ink
                    font.pixelSize: 28
                    strong: at > 0
                    text: (at === 0 ? row.label : at === 1 ? row.terminal : row.book) ?? ""
                }
            }
        }
        // The keys stand from the right: where the first touch was, the second one takes it back.
        RowLayout {
            Layout.alignment: Qt.AlignRight
            Layout.topMargin: 8
            spacing: 16
            visible: root.keys.length > 0

            Repeater {
                model: root.keys.length

                StaffKey {
                    required property int index

                    Layout.fillHeight: true
                    Layout.preferredWidth: Theme.landscape ? 420 : 292
                    enabled: !Staff.page.busy
                    key: root.keys[index] ?? ({})
                }
            }
        }
    }
}
