pragma ComponentBehavior: Bound

import QtQuick
import Kiosk

// Nobody is here: mountains, the cloud river, touch anywhere.
PageBase {
    id: root

    Loader {
        anchors.fill: parent
        sourceComponent: Theme.landscape ? wide : tall
    }
    Component {
        id: tall

        AttractTall {
            page: root.page
        }
    }
    Component {
        id: wide

        AttractWide {
            page: root.page
        }
    }
}
