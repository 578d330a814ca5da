pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import "../controls"

// Every device, tried one by one: what was tried and what came of it.
PagedColumn {
    id: root

    readonly property var trials: Staff.page.trials ?? []

    Repeater {
        model: root.trials.length

        Block {
            id: block

            required property int index

            gapBefore: 14
            height: card.implicitHeight
            width: parent?.width ?? 0

            TrialCard {
                id: card

                trial: root.trials[block.index] ?? ({})
                width: parent.width
            }
        }
    }
}
