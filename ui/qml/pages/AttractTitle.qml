import QtQuick
import Kiosk
import "../controls"

// The name of the thing: from top to bottom in Chinese, to the right in other languages.
Item {
    id: root

    readonly property bool chinese: Words.lang.startsWith("zh")
    property var page

    implicitHeight: root.chinese ? name.implicitHeight : latin.implicitHeight
    implicitWidth: root.chinese ? 520 : 900

    VerticalText {
        id: name

        anchors.right: parent.right
        anchors.rightMargin: 48
        color: Theme.primary
        fontSize: Sizes.attract
        pitch: Sizes.attract + 14
        text: root.page.title
        visible: root.chinese
    }
    VerticalText {
        anchors.right: name.left
        anchors.rightMargin: 94
        text: root.page.lead
        visible: root.chinese
        y: 20
    }
    VerticalText {
        id: motto

        anchors.right: name.left
        anchors.rightMargin: 158
        text: Words.t["attract.motto"].replace(" ", "　")
        visible: root.chinese
        y: 20
    }
    Seal {
        anchors.horizontalCenter: motto.horizontalCenter
        anchors.horizontalCenterOffset: -2
        anchors.top: motto.bottom
        anchors.topMargin: 36
        character: Words.t["attract.seal"]
        size: 50
        visible: root.chinese
    }
    Column {
        id: latin

        anchors.right: parent.right
        spacing: 10
        visible: !root.chinese
        width: parent.width

        Title {
            color: Theme.primary
            horizontalAlignment: Text.AlignRight
            largest: 116
            smallest: 80
            text: root.page.title
            width: parent.width
        }
        Title {
            horizontalAlignment: Text.AlignRight
            largest: 40
            smallest: 34
            text: root.page.lead
            width: parent.width
        }
        Title {
            horizontalAlignment: Text.AlignRight
            largest: 40
            smallest: 34
            text: Words.t["attract.motto"]
            width: parent.width
        }
    }
}
