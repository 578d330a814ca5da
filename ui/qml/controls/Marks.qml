pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// "This machine now": what works (tick) and what does not (triangle); in elder mode one calm line.
Item {
    id: root

    readonly property bool fine: root.marks.every(mark => mark.ok)
    readonly property bool fits: root.natural <= root.width
    property var marks: []
    readonly property real natural: metrics.advanceWidth(Words.t["home.now"]) + root.marks.reduce((sum, mark) => sum + metrics.advanceWidth(mark.text) + 64, 0)
    readonly property var shown: Theme.elder ? root.marks.filter(mark => !mark.ok) : root.marks

    implicitHeight: Theme.elder ? (root.fine ? calm.implicitHeight : troubles.implicitHeight) : line.implicitHeight

    FontMetrics {
        id: metrics

        font.bold: true
        font.family: Theme.bodyFont
        font.pixelSize: Sizes.note
    }
    GridLayout {
        id: line

        columnSpacing: 0
        columns: root.fits ? root.marks.length * 2 + 1 : 5
        rowSpacing: 4
        visible: !Theme.elder
        width: root.width

        Txt {
            Layout.rowSpan: root.fits ? 1 : 2
            font.pixelSize: Sizes.note
            strong: true
            text: Words.t["home.now"]
            wrapMode: Text.NoWrap
        }
        Repeater {
            model: root.marks.length * 2

            Item {
                id: cell

                required property int index
                readonly property var mark: root.marks[Math.floor(cell.index / 2)] ?? ({
                        "ok": true,
                        "text": ""
                    })
                readonly property bool gap: cell.index % 2 === 0

                Layout.fillWidth: cell.gap
                Layout.minimumWidth: cell.gap ? 16 : entry.implicitWidth
                implicitHeight: entry.implicitHeight
                implicitWidth: cell.gap ? 16 : entry.implicitWidth

                Mark {
                    id: entry

                    ok: cell.mark.ok
                    text: cell.mark.text
                    visible: !cell.gap
                }
            }
        }
    }
    Mark {
        id: calm

        fontSize: Sizes.note + 2
        text: Words.t["home.fine"]
        visible: Theme.elder && root.fine
        width: root.width
    }
    Column {
        id: troubles

        visible: Theme.elder && !root.fine
        width: root.width

        Repeater {
            model: root.shown.length

            Mark {
                required property int index

                fontSize: Sizes.note
                ok: false
                text: root.shown[index]?.text ?? ""
                width: troubles.width
            }
        }
    }
}
