import QtQuick
import Kiosk

// What all pages have: the map of ``kiosk/flow/pages.py``. A page is gone before it would be another's (Flow.turning). It
// is not given to the Loader as a first value: what a Loader's setSource is given is never let go.
Item {
    id: base

    property var page: Flow.page
    property real used: base.height
}
