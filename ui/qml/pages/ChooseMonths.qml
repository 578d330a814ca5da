pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// First and last month, on a sheet of months.
PageBase {
    id: root

    used: column.used

    readonly property int columns: Theme.landscape ? (Theme.elder ? 4 : 4) : 3
    readonly property int first: root.place(root.page.selected[0])
    readonly property int last: root.place(root.page.selected[root.page.selected.length - 1])

    function place(month: var): int {
        return root.page.options.findIndex(option => option.id === month);
    }

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
        Repeater {
            model: Math.ceil(root.page.options.length / root.columns)

            Block {
                id: row

                required property int index

                gapBefore: 16
                height: line.implicitHeight
                width: parent?.width ?? 0

                RowLayout {
                    id: line

                    spacing: 16
                    width: parent.width

                    Repeater {
                        model: root.columns

                        MonthCell {
                            id: cell

                            required property int index
                            readonly property int place: row.index * root.columns + cell.index

                            Layout.fillHeight: true
                            Layout.fillWidth: true
                            Layout.preferredWidth: 100
                            checked: cell.place === root.first || cell.place === root.last
                            choice: root.page.options[cell.place] ?? ({})
                            enabled: cell.place < root.page.options.length
                            opacity: enabled ? 1 : 0
                            within: cell.place > root.first && cell.place < root.last

                            onClicked: Flow.choose(choice.id)
                        }
                    }
                }
            }
        }
        Block {
            gapBefore: 32
            height: facts.implicitHeight
            width: parent.width

            FactList {
                id: facts

                facts: root.page.facts
                width: parent.width
            }
        }
    }
}
