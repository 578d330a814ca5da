pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// The rows of a sheet: words to the left, figures to the right.
ColumnLayout {
    id: root

    property var columns: []
    // Which columns stand to the right, and their shares of the line; empty: two of words, then figures.
    property var figures: []
    property int fontSize: 26
    property real rowHeight: 52
    property var rows: []
    property var widths: []

    spacing: 0

    component Cells: RowLayout {
        id: cells

        property bool head: false
        property var values: []

        spacing: 16

        Repeater {
            model: root.columns.length

            Txt {
                required property int index
                readonly property bool figure: root.figures[index] ?? index >= 2

                Layout.fillWidth: true
                Layout.preferredWidth: root.widths.length > 0 ? root.widths[index] * 10 : index === 0 ? 150 : index === 1 ? 300 : 200
                font.pixelSize: root.fontSize
                horizontalAlignment: figure ? Text.AlignRight : Text.AlignLeft
                leading: 1.3
                strong: cells.head
                text: cells.values[index] ?? ""
            }
        }
    }

    Cells {
        Layout.fillWidth: true
        Layout.minimumHeight: root.rowHeight
        head: true
        values: root.columns
    }
    Rectangle {
        Layout.fillWidth: true
        color: Theme.ink
        implicitHeight: 3
    }
    Repeater {
        model: root.rows.length

        ColumnLayout {
            id: line

            required property int index

            Layout.fillWidth: true
            spacing: 0

            Cells {
                Layout.fillWidth: true
                Layout.minimumHeight: root.rowHeight - 2
                values: root.rows[line.index] ?? []
            }
            Rectangle {
                Layout.fillWidth: true
                color: Qt.alpha(Theme.line, 0.7)
                implicitHeight: 2
            }
        }
    }
    Rectangle {
        Layout.fillWidth: true
        Layout.topMargin: 3
        color: Theme.ink
        implicitHeight: 3
    }
}
