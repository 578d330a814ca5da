pragma ComponentBehavior: Bound

import QtQuick

// One of a few: rows, months, a number, or a grid of short words.
PageBase {
    id: root

    used: (loader.item as PageBase)?.used ?? root.height

    Loader {
        id: loader

        anchors.fill: parent
        sourceComponent: root.page.shape === "months" ? months : root.page.shape === "count" ? count : root.page.shape === "grid" ? grid : list
    }
    Component {
        id: list

        ChooseList {
            page: root.page
        }
    }
    Component {
        id: months

        ChooseMonths {
            page: root.page
        }
    }
    Component {
        id: count

        ChooseCount {
            page: root.page
        }
    }
    Component {
        id: grid

        ChooseGrid {
            page: root.page
        }
    }
}
