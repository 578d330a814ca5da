pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import "../controls"

// Option rows; several may be taken when the shape is "many".
PageBase {
    id: root

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
        Repeater {
            model: root.page.options.length

            Block {
                id: block

                required property int index

                height: option.implicitHeight
                width: parent?.width ?? 0

                OptionRow {
                    id: option

                    checked: root.page.selected.indexOf(choice.id ?? "") >= 0
                    choice: root.page.options[block.index] ?? ({})
                    many: root.page.shape === "many"
                    width: parent.width

                    onClicked: Flow.choose(choice.id)
                }
            }
        }
        Block {
            everyPage: true
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
