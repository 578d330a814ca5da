pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// What would you like to do? Two large tiles, the rest small; in elder mode one a row.
PageBase {
    id: root

    used: column.used

    readonly property var all: root.page.large.concat(root.page.tiles)
    readonly property int columns: Theme.elder ? (Theme.landscape ? 2 : 1) : Theme.landscape ? 3 : 2
    readonly property var large: Theme.elder ? [] : root.page.large
    readonly property var tiles: Theme.elder ? root.all : root.page.tiles

    PagedColumn {
        id: column

        anchors.fill: parent

        Block {
            gapBefore: 0
            height: marks.implicitHeight + (Theme.landscape || Theme.elder ? 4 : 12)
            width: parent.width

            Marks {
                id: marks

                marks: root.page.marks
                width: parent.width
            }
        }
        Block {
            height: root.large.length ? largeRow.implicitHeight + 6 : 0
            width: parent.width

            RowLayout {
                id: largeRow

                spacing: Sizes.gap
                width: parent.width

                Repeater {
                    model: root.large.length

                    Tile {
                        required property int index

                        Layout.fillHeight: true
                        Layout.fillWidth: true
                        Layout.preferredWidth: 100
                        choice: root.large[index] ?? ({})
                        large: true

                        onClicked: Flow.open(choice.id)
                    }
                }
            }
        }
        TileRows {
            columns: root.columns
            tiles: root.tiles
        }
        Block {
            gapBefore: Theme.landscape ? 24 : 40
            height: root.page.wide ? wide.implicitHeight : 0
            width: parent.width

            WideTile {
                id: wide

                choice: root.page.wide ?? ({})
                width: parent.width

                onClicked: Flow.open(choice.id)
            }
        }
        Block {
            gapBefore: Theme.landscape ? 24 : 40
            height: root.page.elsewhere ? elsewhere.implicitHeight : 0
            width: parent.width

            Elsewhere {
                id: elsewhere

                choice: root.page.elsewhere ?? ({})
                width: parent.width
            }
        }
    }
}
