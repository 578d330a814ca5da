import QtQuick

// What all pages have: the map of ``kiosk/flow/pages.py``, handed over again whenever a figure in it changes.
Item {
    id: base

    required property var page
    property real used: base.height

    anchors.fill: parent
}
