pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Total first, then the sections; two of them stand side by side on a panel that lies.
PageBase {
    id: root

    readonly property bool beside: !root.crowded && Theme.landscape && !Theme.elder && root.page.sections.length === 2 && root.page.sections.every(section => section.rows.length <= 6)
    // Side by side they would be higher than what the total leaves, and go to a page of their own: then row by row instead.
    property bool crowded: false
    readonly property var flat: root.beside ? [] : root.page.sections.reduce((found, section, index) => found.concat(root.lines(section, index)), [])

    function measure(): void {
        if (root.beside && root.height > 0 && pair.implicitHeight > root.height - (root.page.total ? total.implicitHeight + 28 : 0) + 0.5)
            root.crowded = true;
    }
    function lines(section: var, index: int): var {
        const changes = section.rows.some(row => row.change || row.fixed);
        // What is confirmed below a sum says by itself what it is; of several sections each has its heading.
        const plain = changes && index === 1 && root.page.sections.length === 2 && root.page.total !== "";
        const titled = section.title !== "" && !(plain && !Theme.elder);
        const head = titled ? [
            {
                "head": section.title,
                "first": true,
                "last": false
            }
        ] : [];
        return head.concat(section.rows.map((row, i) => ({
                    "row": row,
                    "changes": changes,
                    "figures": section.figures,
                    "first": i === 0 && head.length === 0,
                    "last": i === section.rows.length - 1
                })));
    }

    onHeightChanged: Qt.callLater(root.measure)

    PagedColumn {
        anchors.fill: parent

        Block {
            height: errors.implicitHeight
            width: parent.width

            ErrorSummary {
                id: errors

                errors: root.page.errors
                width: parent.width
            }
        }
        Block {
            height: root.page.total ? total.implicitHeight : 0
            width: parent.width

            TotalCard {
                id: total

                amount: root.page.total
                label: root.page.totalLabel
                width: parent.width
                words: root.page.totalWords
            }
        }
        Block {
            gapBefore: 28
            height: root.beside ? pair.implicitHeight : 0
            width: parent.width

            RowLayout {
                id: pair

                spacing: Sizes.gap
                visible: root.beside
                width: parent.width

                onImplicitHeightChanged: Qt.callLater(root.measure)

                Repeater {
                    model: root.beside ? root.page.sections.length : 0

                    SectionCard {
                        required property int index

                        Layout.fillHeight: true
                        Layout.fillWidth: true
                        Layout.preferredWidth: changes ? 620 : 500
                        section: root.page.sections[index] ?? ({
                                "rows": [],
                                "title": ""
                            })
                    }
                }
            }
        }
        Repeater {
            model: root.flat.length

            CardRow {
                id: line

                required property int index
                readonly property var entry: root.flat[line.index] ?? ({
                        "row": {},
                        "first": false,
                        "last": false
                    })
                readonly property bool head: line.entry.head !== undefined
                readonly property bool money: !line.head && (line.entry.figures ?? false)

                contentHeight: line.head ? heading.implicitHeight : summary.implicitHeight
                first: line.entry.first
                keepWithNext: line.head
                last: line.entry.last
                minimum: line.head ? 84 : line.money ? (Theme.elder ? 100 : 77) : Theme.elder ? 132 : 104
                width: parent?.width ?? 0

                Txt {
                    id: heading

                    anchors.left: parent.left
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    font.pixelSize: Theme.elder ? Sizes.button : 30
                    leading: 1.35
                    strong: true
                    text: line.entry.head ?? ""
                    visible: line.head
                }
                SummaryRow {
                    id: summary

                    anchors.fill: parent
                    changes: line.entry.changes ?? false
                    money: line.money
                    row: line.entry.row ?? ({})
                    stacked: Theme.elder
                    visible: !line.head
                }
            }
        }
    }
}
