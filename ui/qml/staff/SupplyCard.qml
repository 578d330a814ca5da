pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Paper, toner and invoices: how much is left, and whether that is enough.
Rectangle {
    id: root

    property var supplies: []

    border.color: Theme.line
    border.width: 2
    color: Theme.surface
    implicitHeight: column.implicitHeight + 52
    radius: Sizes.radiusButton

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.margins: 30
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.topMargin: 22
        spacing: 10

        Txt {
            Layout.fillWidth: true
            font.pixelSize: 30
            leading: 1.3
            strong: true
            text: Words.t["bench.supply.title"]
        }
        Repeater {
            model: root.supplies.length

            ColumnLayout {
                id: row

                required property int index
                readonly property bool worded: (row.supply.amount ?? "") !== "" // the words go below the bar
                readonly property var supply: root.supplies[row.index] ?? ({})

                Layout.fillWidth: true
                spacing: 8

                Rectangle {
                    Layout.fillWidth: true
                    color: Theme.line
                    implicitHeight: 2
                }
                RowLayout {
                    Layout.fillWidth: true
                    spacing: 14

                    Icon {
                        accent: Theme.warning
                        color: Theme.ink
                        name: row.supply.icon ?? ""
                        size: 36
                    }
                    Txt {
                        Layout.fillWidth: true
                        font.pixelSize: 28
                        leading: 1.25
                        strong: true
                        text: row.supply.name ?? ""
                    }
                    Txt {
                        font.pixelSize: 28
                        leading: 1.25
                        strong: true
                        text: row.supply.amount ?? ""
                        visible: text !== ""
                        wrapMode: Text.NoWrap
                    }
                    Tone {
                        Layout.fillWidth: false
                        fontSize: 24
                        text: row.worded ? "" : row.supply.text ?? ""
                        tone: row.supply.tone ?? "unknown"
                        visible: text !== ""
                    }
                }
                Rectangle {
                    Layout.fillWidth: true
                    color: Theme.sunk
                    implicitHeight: 12
                    radius: 6
                    visible: (row.supply.share ?? -1) >= 0

                    Rectangle {
                        color: row.supply.tone === "ok" ? Theme.success : row.supply.tone === "low" ? Theme.warning : Theme.danger
                        height: parent.height
                        radius: 6
                        width: parent.width * Math.max(0, Math.min(1, row.supply.share ?? 0))
                    }
                }
                Tone {
                    Layout.fillWidth: true
                    fontSize: 24
                    text: row.worded ? row.supply.text ?? "" : ""
                    tone: row.supply.tone ?? "unknown"
                    visible: text !== ""
                }
            }
        }
    }
}
