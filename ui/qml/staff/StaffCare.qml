pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import "../controls"

// What is to be changed or cleaned: what is due first, then what is nearest to it.
PagedColumn {
    id: root

    readonly property var rows: Staff.page.rows ?? []

    Repeater {
        model: root.rows.length

        Block {
            id: block

            required property int index

            gapBefore: 14
            height: card.implicitHeight
            width: parent?.width ?? 0

            CareCard {
                id: card

                care: root.rows[block.index] ?? ({})
                width: parent.width
            }
        }
    }
}
