pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// The head of the last pages: large title, the moment, and the stamp.
Item {
    id: root

    readonly property string moment: Flow.page.moment ?? ""
    readonly property bool rail: Theme.landscape
    readonly property string stampText: Flow.page.stamp ?? ""

    implicitHeight: root.rail ? words.implicitHeight + (stamp.visible ? stamp.height + 40 : 0) : Math.max(words.implicitHeight, stamp.visible ? 290 : 0)

    ColumnLayout {
        id: words

        spacing: 16
        width: root.rail || !stamp.visible ? root.width : root.width - stamp.width - 48
        y: root.rail ? 0 : 24

        Title {
            Layout.fillWidth: true
            largest: root.rail ? 68 : Sizes.titleDone
            smallest: 52
            text: Flow.page.title
        }
        Txt {
            Layout.fillWidth: true
            font.pixelSize: Sizes.lead
            leading: 1.4
            text: Flow.page.lead
            visible: text !== ""
        }
        Txt {
            Layout.fillWidth: true
            font.pixelSize: Sizes.lead
            leading: 1.4
            text: root.moment
            visible: text !== ""
        }
    }
    Loader {
        id: stamp

        active: root.stampText !== ""
        anchors.right: root.rail ? undefined : parent.right
        anchors.rightMargin: 24
        height: root.rail ? 220 : 268
        visible: active
        width: height
        x: 0
        y: root.rail ? words.implicitHeight + 40 : 0

        sourceComponent: Stamp {
            size: stamp.height
            text: root.stampText
        }
    }
}
