import QtQuick
import Kiosk
import "../controls"

// The services behind one tile of the home page: one a row, so that a long name is read at a glance.
PageBase {
    id: root

    used: column.used

    PagedColumn {
        id: column

        anchors.fill: parent

        TileRows {
            columns: Theme.landscape && !Theme.elder ? 2 : 1
            tiles: root.page.services
        }
    }
}
