pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Rows to read, or to choose from; page by page. Without rows, the words for that.
PageBase {
    id: root

    used: root.summed ? root.height : column.used

    // What has been ticked comes to so much: seen with every page of the rows, above the key that goes on with it.
    readonly property bool summed: root.page.pick === "many" && root.page.facts.length > 0
    readonly property string line: [root.page.asOf, root.page.more].filter(words => words !== "").join("　")

    PagedColumn {
        id: column

        height: root.height - (root.summed ? sum.height + Sizes.gap : 0)
        width: root.width

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
            gapBefore: 0
            height: root.line ? told.implicitHeight : 0
            keepWithNext: true
            width: parent.width

            RowLayout {
                id: told

                spacing: 14
                width: parent.width

                Icon {
                    Layout.alignment: Qt.AlignTop
                    accent: Theme.inkMuted
                    color: Theme.inkMuted
                    name: "clock"
                    size: Math.round(Sizes.note * 1.4)
                }
                Txt {
                    Layout.fillWidth: true
                    color: Theme.inkMuted
                    font.pixelSize: Sizes.note
                    leading: 1.4
                    text: root.line
                }
            }
        }
        Block {
            height: root.page.emptyTitle ? empty.implicitHeight : 0
            width: parent.width

            Card {
                id: empty

                implicitHeight: nothing.implicitHeight + 112
                width: parent.width

                ColumnLayout {
                    id: nothing

                    anchors.left: parent.left
                    anchors.margins: 48
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: 20

                    Icon {
                        Layout.alignment: Qt.AlignHCenter
                        accent: Theme.success
                        color: Theme.success
                        name: root.page.emptyTitle ? "check" : ""
                        size: 96
                    }
                    Txt {
                        Layout.fillWidth: true
                        font.pixelSize: Sizes.section
                        horizontalAlignment: Text.AlignHCenter
                        leading: 1.35
                        strong: true
                        text: root.page.emptyTitle
                    }
                    Txt {
                        Layout.fillWidth: true
                        color: Theme.inkMuted
                        horizontalAlignment: Text.AlignHCenter
                        leading: 1.45
                        text: root.page.emptyText
                    }
                }
            }
        }
        Repeater {
            model: root.page.rows.length

            Block {
                id: block

                required property int index

                gapBefore: 18
                height: card.implicitHeight
                width: parent?.width ?? 0

                ListCard {
                    id: card

                    checked: root.page.selected.indexOf(row.id ?? "") >= 0
                    iconName: root.page.icon
                    pick: root.page.pick
                    row: root.page.rows[block.index] ?? ({})
                    width: parent.width

                    onClicked: Flow.choose(row.id)
                }
            }
        }
        Block {
            height: facts.implicitHeight
            width: parent.width

            FactList {
                id: facts

                facts: root.summed ? [] : root.page.facts
                width: parent.width
            }
        }
    }
    FactList {
        id: sum

        anchors.bottom: parent.bottom
        facts: root.summed ? root.page.facts : []
        height: implicitHeight
        width: root.width
    }
}
