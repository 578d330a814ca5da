pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// Tiles in rows of equal columns, each row a block of a paged column; what is missing in the last row stays empty.
Repeater {
    id: root

    required property int columns
    required property var tiles

    model: Math.ceil(root.tiles.length / root.columns)

    Block {
        id: row

        required property int index

        height: line.implicitHeight
        width: parent?.width ?? 0

        RowLayout {
            id: line

            spacing: Sizes.gap
            width: parent.width

            Repeater {
                model: root.columns

                Tile {
                    id: tile

                    required property int index
                    readonly property var found: root.tiles[row.index * root.columns + tile.index] ?? null

                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    Layout.preferredWidth: 100
                    choice: tile.found ?? ({})
                    enabled: tile.found !== null
                    opacity: tile.found !== null ? 1 : 0

                    onClicked: Flow.open(tile.choice.id)
                }
            }
        }
    }
}
