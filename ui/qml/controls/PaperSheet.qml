pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// A sheet of paper lying on the desk: heading, facts, bars, table, totals.
Item {
    id: root

    property var sheet: ({})
    // The bars are drawn where everything that has to be read leaves room for them.
    readonly property bool charted: root.sheet.bars.length > 0 && root.height - root.needed > 150
    readonly property real needed: [head, facts, table, sums].concat(hint.visible ? [hint] : []).reduce((sum, part) => sum + part.implicitHeight, root.roomy ? 130 : 90)
    readonly property bool roomy: root.height > 760
    readonly property int small: Theme.elder ? 30 : Theme.landscape ? 24 : 26
    readonly property int note: Math.max(24, root.small - 2)

    implicitHeight: column.implicitHeight + 76

    // What is said in whole sentences: below what it is about, or above it where it is the answer to a question.
    component Sentences: ColumnLayout {
        Layout.fillHeight: false
        spacing: 0

        Repeater {
            model: root.sheet.statements.length

            Txt {
                required property int index

                Layout.fillWidth: true
                Layout.topMargin: root.roomy ? 14 : 6
                font.pixelSize: root.small
                leading: 1.45
                text: root.sheet.statements[index] ?? ""
            }
        }
    }

    // A soft shadow of four sheets of glass: every renderer can draw it.
    Repeater {
        model: 5

        Rectangle {
            required property int index

            color: Qt.alpha(Theme.ink, 0.018)
            height: root.height + 8
            radius: 14
            width: root.width + 32 - index * 8
            x: -16 + index * 4
            y: 20 - index * 3
        }
    }
    Rectangle {
        anchors.fill: parent
        border.color: Theme.line
        border.width: 2
        color: Theme.writable
    }
    ColumnLayout {
        id: column

        anchors.bottom: parent.bottom
        anchors.bottomMargin: 28
        anchors.left: parent.left
        anchors.leftMargin: 48
        anchors.right: parent.right
        anchors.rightMargin: 48
        anchors.top: parent.top
        anchors.topMargin: root.roomy ? 40 : 28
        spacing: 0

        RowLayout {
            id: head

            Layout.fillWidth: true
            spacing: 24

            ColumnLayout {
                Layout.alignment: Qt.AlignTop
                Layout.fillWidth: true
                spacing: 0

                Title {
                    Layout.fillWidth: true
                    spread: 0
                    largest: Theme.elder ? 42 : 36
                    smallest: 32
                    text: root.sheet.title
                }
                Txt {
                    Layout.fillWidth: true
                    color: Theme.inkMuted
                    font.pixelSize: root.small
                    leading: 1.35
                    text: root.sheet.subtitle
                    visible: text !== ""
                }
            }
            Column {
                Layout.alignment: Qt.AlignTop

                Repeater {
                    model: root.sheet.corner.length

                    Txt {
                        required property int index

                        anchors.right: parent?.right
                        color: Theme.inkMuted
                        font.pixelSize: root.note
                        leading: 1.45
                        text: root.sheet.corner[index] ?? ""
                        wrapMode: Text.NoWrap
                    }
                }
            }
        }
        Sentences {
            visible: root.sheet.toldFirst && root.sheet.statements.length > 0
        }
        Grid {
            id: facts

            Layout.bottomMargin: 8
            Layout.topMargin: root.roomy ? 16 : 8
            columnSpacing: 48
            columns: root.sheet.facts.length <= 2 || Theme.landscape && (root.sheet.facts.length > 4 || facts.fit) ? 2 : 1

            // Whether two columns leave every fact whole. A few that they would break stand one below the other.
            readonly property bool fit: facts.widest(0) + facts.widest(1) + facts.columnSpacing <= column.width

            // How wide each fact would be unbroken.
            property var widths: []

            // What a fact may be wide: a column, or what the facts of the other leave free. A longer one is broken and
            // does not push the table over the edge of the paper.
            function room(index: int): real {
                if (facts.columns === 1)
                    return column.width;
                const free = column.width - facts.columnSpacing;
                return Math.max(free / 2, free - facts.widest(1 - index % 2));
            }
            function widest(side: int): real {
                return Math.max(0, ...facts.widths.slice(0, root.sheet.facts.length).filter((_, i) => i % 2 === side));
            }
            function tell(index: int, width: real) {
                const told = facts.widths.slice();
                told[index] = width;
                facts.widths = told;
            }

            Repeater {
                model: root.sheet.facts.length

                Row {
                    id: fact

                    required property int index
                    readonly property real room: facts.room(fact.index) - label.width - fact.spacing
                    readonly property real unbroken: label.width + fact.spacing + Math.ceil(fact.number ? natural.advanceWidth : told.implicitWidth)
                    // A number is written smaller rather than torn: people compare it with their papers.
                    readonly property bool number: /^[0-9A-Z-]+$/.test(told.text)

                    spacing: 24

                    Component.onCompleted: facts.tell(fact.index, fact.unbroken)
                    onUnbrokenChanged: facts.tell(fact.index, fact.unbroken)

                    Txt {
                        id: label

                        color: Theme.inkMuted
                        font.pixelSize: root.small
                        leading: 1.4
                        text: root.sheet.facts[fact.index]?.[0] ?? ""
                        wrapMode: Text.NoWrap
                    }
                    Txt {
                        id: told

                        font.pixelSize: fact.number ? Math.max(24, Math.min(root.small, Math.floor(root.small * fact.room / natural.advanceWidth))) : root.small
                        leading: 1.4
                        lineHeight: Math.round(root.small * 1.4)
                        text: root.sheet.facts[fact.index]?.[1] ?? ""
                        width: Math.min(Math.ceil(implicitWidth), fact.room)
                    }
                    TextMetrics {
                        id: natural

                        font.family: told.font.family
                        font.pixelSize: root.small
                        text: told.text
                    }
                }
            }
        }
        BarChart {
            Layout.bottomMargin: 12
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: 250
            Layout.minimumHeight: 130
            axis: root.sheet.axis
            bars: root.sheet.bars
            fontSize: root.note
            visible: root.charted
        }
        SheetTable {
            id: table

            Layout.fillWidth: true
            columns: root.sheet.columns
            figures: root.sheet.figures
            fontSize: root.small
            rowHeight: root.roomy ? 52 : Theme.elder ? 46 : 40
            rows: root.sheet.rows
            visible: root.sheet.columns.length > 0
            widths: root.sheet.widths
        }
        RowLayout {
            id: sums

            Layout.fillWidth: true
            Layout.topMargin: root.roomy ? 14 : 6
            spacing: 24

            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: root.small
                leading: 1.35
                text: root.sheet.more
            }
            GridLayout {
                id: totals

                // What the sums take side by side. Wider than the sheet, they push the table over its edge: one below the other.
                readonly property real natural: sumLabel.font.pixelSize + sumFigure.font.pixelSize > 0 ? root.sheet.total.reduce((sum, told) => sum + Math.ceil(sumLabel.advanceWidth(told[0]) + sumFigure.advanceWidth(told[1])) + 48, 24) : 0

                columns: totals.natural > column.width ? 1 : Math.max(1, root.sheet.total.length)
                columnSpacing: 24
                rowSpacing: 0

                FontMetrics {
                    id: sumLabel

                    font.bold: true
                    font.family: Theme.bodyFont
                    font.pixelSize: root.small + 2
                }
                FontMetrics {
                    id: sumFigure

                    font.bold: true
                    font.family: Theme.bodyFont
                    font.pixelSize: root.small + 10
                }
                Repeater {
                    model: root.sheet.total.length

                    Row {
                        id: sum

                        required property int index

                        Layout.alignment: Qt.AlignRight
                        spacing: 24

                        Txt {
                            anchors.baseline: figure.baseline
                            font.pixelSize: root.small + 2
                            leading: 1.35
                            strong: true
                            text: root.sheet.total[sum.index]?.[0] ?? ""
                            wrapMode: Text.NoWrap
                        }
                        Txt {
                            id: figure

                            font.pixelSize: root.small + 10
                            leading: 1.35
                            strong: true
                            text: root.sheet.total[sum.index]?.[1] ?? ""
                            wrapMode: Text.NoWrap
                        }
                    }
                }
            }
        }
        Sentences {
            visible: !root.sheet.toldFirst
        }
        Item {
            Layout.fillHeight: !root.charted
        }
        RowLayout {
            id: hint

            Layout.fillWidth: true
            Layout.topMargin: root.roomy ? 12 : 4
            spacing: 14
            visible: root.sheet.note !== "" && !Theme.elder // there the lead says as much

            Icon {
                name: "shield"
                size: 34
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: root.note
                leading: 1.4
                text: root.sheet.note
            }
        }
    }
}
