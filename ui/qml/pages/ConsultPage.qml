pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// What the library says: a list of what was found, one answer with its source, or an honest word that nobody here knows.
PageBase {
    id: root

    readonly property var lines: root.page.groups.reduce((found, group) => found.concat(group.title ? [
            {
                "head": group.title
            }
        ] : [], group.choices.map(choice => ({
                    "choice": choice
                }))), [])
    readonly property bool unsure: root.page.state === "unsure"

    used: column.used

    PagedColumn {
        id: column

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
            height: root.page.paragraphs.length ? card.implicitHeight : 0
            width: parent.width

            Card {
                id: card

                color: root.unsure ? Theme.primaryTint : Theme.surface
                implicitHeight: told.implicitHeight + 72
                width: parent.width

                RowLayout {
                    id: told

                    anchors.left: parent.left
                    anchors.leftMargin: Sizes.cardPadding
                    anchors.right: parent.right
                    anchors.rightMargin: Sizes.cardPadding
                    anchors.verticalCenter: parent.verticalCenter
                    spacing: 32

                    Icon {
                        Layout.alignment: Qt.AlignTop
                        name: root.unsure ? "info" : ""
                        size: Theme.elder ? 88 : 72
                        visible: root.unsure
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 20

                        Repeater {
                            model: root.page.paragraphs.length

                            Txt {
                                required property int index

                                Layout.fillWidth: true
                                color: index === 0 || root.unsure ? Theme.ink : Theme.inkMuted
                                font.pixelSize: Theme.elder ? Sizes.body + 2 : 34
                                leading: 1.5
                                text: root.page.paragraphs[index] ?? ""
                            }
                        }
                    }
                }
            }
        }
        Block {
            gapBefore: 24
            height: facts.implicitHeight
            width: parent.width

            FactList {
                id: facts

                facts: root.page.facts
                width: parent.width
            }
        }
        Repeater {
            model: root.lines.length

            Block {
                id: block

                required property int index
                readonly property var entry: root.lines[block.index] ?? ({})
                readonly property bool head: block.entry.head !== undefined

                gapBefore: block.head ? 32 : 16
                height: block.head ? heading.implicitHeight : way.implicitHeight
                keepWithNext: block.head
                width: parent?.width ?? 0

                Txt {
                    id: heading

                    font.pixelSize: Theme.elder ? Sizes.button : 30
                    leading: 1.35
                    strong: true
                    text: block.entry.head ?? ""
                    visible: block.head
                    width: parent.width
                }
                WayRow {
                    id: way

                    choice: block.entry.choice ?? ({})
                    visible: !block.head
                    width: parent.width

                    onClicked: Flow.choose(choice.id)
                }
            }
        }
    }
}
