pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import "../controls"

// Why the terminal is red, the worst first; what to bring for each, and where to begin.
PagedColumn {
    id: root

    readonly property var reasons: Staff.page.reasons ?? []

    Repeater {
        model: root.reasons.length

        Block {
            id: block

            required property int index

            gapBefore: 20
            height: card.implicitHeight
            width: parent?.width ?? 0

            ReasonCard {
                id: card

                reason: root.reasons[block.index] ?? ({})
                width: parent.width
            }
        }
    }
}
