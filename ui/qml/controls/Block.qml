import QtQuick
import Kiosk

// A piece of a page that is never broken in two. A block without height is not there.
Item {
    property bool everyPage: false // stands below the others, on each page when there are several
    property bool firstOnPage: false
    property real gapBefore: Sizes.gap
    property bool keepWithNext: false
    property bool lastOnPage: false
}
