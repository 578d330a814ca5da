pragma ComponentBehavior: Bound

import QtQuick
import Kiosk
import "../controls"

// Prefilled rows; the open one has its keys under it (figures beside it, on a panel that lies).
PageBase {
    id: root

    used: root.typing ? root.height : column.used

    readonly property bool beside: Theme.landscape && root.typing && !pad.letters && !root.text
    readonly property var shown: root.typing ? root.near() : root.page.rows
    readonly property string next: root.page.rows.find(row => row.error)?.id ?? root.page.rows.find(row => row.editable && !row.value)?.id ?? (root.given.length === 1 ? root.given[0].id : "")
    readonly property var given: root.page.rows.filter(row => row.editable)
    readonly property bool wide: root.text || pad.address // words and addresses take the room of all rows
    readonly property real padHeight: root.beside ? root.height : Math.min(root.text ? words.implicitHeight : pad.implicitHeight, root.height * (pad.address ? 0.72 : root.text ? 0.68 : 0.62))
    readonly property bool text: root.typed?.keypad === "text"
    readonly property bool typing: root.page.focused !== ""
    readonly property var typed: root.page.rows.find(row => row.id === root.page.focused) ?? null

    // Beside the keys there is room for the row that is typed, its neighbours, and the figure that follows from it.
    function near(): var {
        const rows = root.page.rows;
        if (root.wide)
            return [root.typed];
        if (!Theme.elder && rows.length <= 3)
            return rows;
        const strong = rows.filter(row => row.strong && !row.editable);
        const most = Theme.elder ? 1 : 3 - Math.min(1, strong.length);
        const place = root.given.findIndex(row => row.id === root.page.focused);
        const first = Math.max(0, Math.min(place - (most > 2 ? 1 : 0), root.given.length - most));
        return root.given.slice(first, first + most).concat(strong);
    }

    PagedColumn {
        id: column

        height: root.typing && !root.beside ? root.height - root.padHeight - Sizes.gap : root.height
        width: root.beside ? root.width - pad.width - Sizes.gap : root.width

        Block {
            height: errors.implicitHeight
            width: parent.width

            ErrorSummary {
                id: errors

                errors: root.typing && root.wide ? [] : root.page.errors // one row alone says itself what is wrong with it
                width: parent.width
            }
        }
        Repeater {
            model: root.shown.length

            FormField {
                required property int index

                compact: root.typing && !root.beside
                first: index === 0
                focusedRow: root.typing && row.id === root.page.focused
                last: index === root.shown.length - 1
                ringed: !root.typing && row.id === root.next
                row: root.shown[index] ?? ({})
                rowLined: !(root.shown[index - 1]?.editable ?? false)
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
        endings: root.typed?.endings ?? []
        kind: root.typed?.keypad || "digits"
        typed: root.typed?.value ?? ""
        visible: root.typing && root.typed !== null && !root.text
        width: root.beside ? 500 : root.width

        onClosed: Flow.edit("")
    }
    Loader {
        id: words

        anchors.right: parent.right
        height: root.padHeight
        source: root.text ? "../controls/TextKeypad.qml" : ""
        width: root.width
        y: root.height - height

        Connections {
            function onClosed(): void {
                Flow.edit("");
            }

            ignoreUnknownSignals: true
            target: words.item
        }
    }
}
