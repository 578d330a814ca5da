pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import "../controls"

// Prefilled rows; the open one has a keypad under it (beside it, on a panel that lies).
PageBase {
    id: root

    used: root.typing ? root.height : column.used

    readonly property bool beside: Theme.landscape && root.typing && !pad.letters
    readonly property int firstEditable: root.page.rows.findIndex(row => row.editable)
    readonly property real padHeight: root.beside ? root.height : Math.min(pad.implicitHeight, root.height * 0.62)
    readonly property var rows: root.typing && (Theme.elder || root.page.rows.length > 4) ? root.page.rows.filter(row => row.id === root.page.focused || row.strong || (row.editable && !Theme.elder)) : root.page.rows
    readonly property bool typing: root.page.focused !== ""
    readonly property var typed: root.page.rows.find(row => row.id === root.page.focused) ?? null

    PagedColumn {
        id: column

        height: root.typing && !root.beside ? root.height - root.padHeight - Sizes.gap : root.height
        width: root.beside ? root.width - pad.width - Sizes.gap : root.width

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
            model: root.rows.length

            FormField {
                required property int index

                compact: root.typing && !root.beside
                first: index === 0
                focusedRow: root.typing && row.id === root.page.focused
                last: index === root.rows.length - 1
                ringed: !root.typing && row.id === root.page.rows[root.firstEditable]?.id
                row: root.rows[index] ?? ({})
                rowLined: !(root.rows[index - 1]?.editable ?? false)
                stacked: root.beside
                width: parent?.width ?? 0
            }
        }
    }
    Keypad {
        id: pad

        anchors.right: parent.right
        y: root.beside ? 0 : root.height - height
        closable: root.page.rows.length > 1
        height: root.beside ? Math.min(root.height, implicitHeight * 1.15) : root.padHeight
        kind: root.typed?.keypad || "digits"
        visible: root.typing && root.typed !== null
        width: root.beside ? 500 : root.width

        onClosed: Flow.edit("")
    }
}
