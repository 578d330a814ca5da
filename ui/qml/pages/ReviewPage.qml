pragma ComponentBehavior: Bound

import QtQuick

// Check before it happens: the sheet itself, or the total, how it came about, and every fact with Change.
PageBase {
    id: root

    Loader {
        anchors.fill: parent
        sourceComponent: root.page.sheet ? sheet : facts
    }
    Component {
        id: sheet

        ReviewSheet {
            page: root.page
        }
    }
    Component {
        id: facts

        ReviewFacts {
            page: root.page
        }
    }
}
