pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Five faces, none chosen beforehand; reasons when the level is low; may be skipped.
PageBase {
    id: root

    readonly property bool rows: Theme.elder && !Theme.landscape

    ColumnLayout {
        anchors.left: parent.left
        anchors.right: parent.right
        spacing: 32
        y: root.rows ? 0 : Math.max(0, Math.min(60, (root.height - implicitHeight) / 3))

        GridLayout {
            Layout.fillWidth: true
            columnSpacing: 16
            columns: root.rows ? 1 : root.page.levels.length
            rowSpacing: 16
            uniformCellWidths: true

            Repeater {
                model: root.page.levels.length

                LevelKey {
                    required property int index

                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.preferredWidth: 100
                    beside: root.rows
                    checked: (choice.id ?? "") === root.page.selected
                    choice: root.page.levels[index] ?? ({})
                    low: root.rows && root.page.reasons.length > 0

                    onClicked: Flow.choose(choice.id)
                }
            }
        }
        GridLayout {
            Layout.fillWidth: true
            columnSpacing: 16
            columns: Theme.elder ? 2 : 3
            rowSpacing: 16
            uniformCellWidths: true
            visible: root.page.reasons.length > 0

            Repeater {
                model: root.page.reasons.length

                ReasonKey {
                    required property int index

                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.preferredWidth: 100
                    checked: root.page.chosenReasons.indexOf(choice.id ?? "") >= 0
                    choice: root.page.reasons[index] ?? ({})

                    onClicked: Flow.choose(choice.id)
                }
            }
        }
    }
}
