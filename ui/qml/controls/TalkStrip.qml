pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// Over every page while an officer is talked to: that they see the screen, or would like to, and the key that ends it.
Rectangle {
    id: root

    property real inset: Sizes.margin
    readonly property var keys: Flow.frame.talkKeys ?? []
    readonly property bool shared: root.tone === "shared"
    readonly property string text: Flow.frame.talkText ?? ""
    readonly property string tone: Flow.frame.talkTone ?? ""

    color: root.tone === "open" ? Theme.primaryTint : Theme.warningTint
    implicitHeight: visible ? Math.max(Theme.elder ? 128 : 112, row.implicitHeight + 28) : 0
    visible: root.text !== ""

    Rectangle {
        anchors.bottom: parent.bottom
        color: root.tone === "open" ? Theme.primary : Theme.warning
        height: root.shared ? 8 : 4
        width: parent.width
    }
    RowLayout {
        id: row

        anchors.left: parent.left
        anchors.leftMargin: root.inset
        anchors.right: parent.right
        anchors.rightMargin: root.inset
        anchors.verticalCenter: parent.verticalCenter
        spacing: 24

        Icon {
            accent: root.tone === "open" ? Theme.primary : Theme.warningInk
            color: root.tone === "open" ? Theme.primary : Theme.warningInk
            name: root.tone === "open" ? "user" : "info"
            size: 60
        }
        Txt {
            Layout.fillWidth: true
            color: root.tone === "open" ? Theme.ink : Theme.warningInk
            font.pixelSize: Theme.elder ? Sizes.note : 28
            leading: 1.3
            strong: root.shared
            text: root.text
        }
        Repeater {
            model: root.keys.length

            SecondButton {
                required property int index
                readonly property var choice: root.keys[index] ?? ({})

                Layout.preferredWidth: Math.max(150, implicitWidth)
                fontSize: Theme.elder ? Sizes.note : 28
                objectName: "talk:" + (choice.id ?? "")
                text: choice.title ?? ""

                onClicked: Flow.talk(choice.id)
            }
        }
    }
}
