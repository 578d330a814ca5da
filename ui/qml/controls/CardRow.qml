import QtQuick
import Kiosk

// One row of a card. The card is drawn row by row, so that it can go on over the page.
Block {
    id: root

    default property alias inner: content.data
    property bool first: false
    property bool last: false
    property bool lined: true
    property color ground: Theme.surface
    property real inset: Theme.landscape ? 32 : Sizes.cardPadding
    property real minimum: 104
    readonly property bool opens: root.first || root.firstOnPage
    readonly property bool closes: root.last || root.lastOnPage
    property real contentHeight: 0

    gapBefore: root.first ? Sizes.gap : 0
    height: Math.max(root.minimum, root.contentHeight + 28)

    Item {
        anchors.fill: parent
        clip: true

        Card {
            color: root.ground
            height: parent.height + (root.opens ? 0 : 60) + (root.closes ? 0 : 60)
            width: parent.width
            y: root.opens ? 0 : -60
        }
    }
    Rectangle {
        color: Theme.line
        height: 2
        visible: root.lined && !root.opens
        width: parent.width - 2 * root.inset
        x: root.inset
        y: -1
    }
    Item {
        id: content

        anchors.fill: parent
        anchors.leftMargin: root.inset
        anchors.rightMargin: root.inset
    }
}
