pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import "../controls"

// What the next person must know, as it will stand on the slip.
PagedColumn {
    id: root

    readonly property var lines: Staff.page.lines ?? []

    Repeater {
        model: root.lines.length

        Block {
            id: block

            required property int index

            gapBefore: 0
            height: card.implicitHeight
            width: parent?.width ?? 0

            HandoverRow {
                id: card

                index: block.index
                line: root.lines[block.index] ?? ["", ""]
                width: parent.width
            }
        }
    }
}
