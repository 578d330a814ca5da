pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import "../controls"

// The card terminal's batches: what nobody knows the end of, the last one settled, and the one that is open.
PagedColumn {
    id: root

    readonly property var batches: Staff.page.batches ?? []

    Repeater {
        model: root.batches.length

        Block {
            id: block

            required property int index

            gapBefore: 20
            height: card.implicitHeight
            width: parent?.width ?? 0

            BatchCard {
                id: card

                batch: root.batches[block.index] ?? ({})
                columns: Staff.page.columns ?? ["", "", ""]
                width: parent.width
            }
        }
    }
}
