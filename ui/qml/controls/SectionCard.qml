pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// A section of the review as one card, for two of them side by side.
Card {
    id: root

    readonly property bool changes: root.section.rows.some(row => row.change || row.fixed)
    property var section: ({
            "rows": [],
            "title": ""
        })

    implicitHeight: column.implicitHeight + 44

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.leftMargin: 32
        anchors.right: parent.right
        anchors.rightMargin: 32
        anchors.top: parent.top
        anchors.topMargin: 22
        spacing: 0

        Txt {
            Layout.bottomMargin: 12
            Layout.fillWidth: true
            font.pixelSize: 30
            strong: true
            text: root.section.title
            visible: text !== ""
        }
        Repeater {
            model: root.section.rows.length

            ColumnLayout {
                id: entry

                required property int index

                Layout.fillWidth: true
                spacing: 0

                Rectangle {
                    Layout.fillWidth: true
                    color: Theme.line
                    implicitHeight: 2
                }
                SummaryRow {
                    Layout.fillWidth: true
                    Layout.preferredHeight: Math.max(root.section.rows.length > 5 ? 94 : root.section.rows.length > 4 ? 100 : 124, implicitHeight + (root.section.rows.length > 5 ? 12 : 20))
                    changes: root.changes
                    money: root.section.figures ?? false
                    row: root.section.rows[entry.index] ?? ({})
                    stacked: true
                }
            }
        }
    }
}
