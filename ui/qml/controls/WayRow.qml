import QtQuick
import QtQuick.Layouts
import Kiosk

// A way on from what is read: name, tags, lines below, an arrow. A touch goes there; nothing is chosen first.
Pressable {
    id: root

    property var choice: ({})
    readonly property bool closed: !(root.choice.enabled ?? true)
    readonly property var tags: root.choice.tags ?? []

    Accessible.description: root.choice.reason ?? ""
    bottomPadding: 20
    enabled: !root.closed
    implicitHeight: Math.max(Theme.elder ? 128 : 104, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: 32
    objectName: "option:" + (root.choice.id ?? "")
    radius: Sizes.radiusCard
    rightPadding: 28
    text: root.choice.title ?? ""
    topPadding: 20

    background: Rectangle {
        border.color: root.pressed ? Theme.primary : Theme.line
        border.width: Theme.elder ? 3 : 2
        color: root.pressed ? Theme.primaryTint : root.closed ? Theme.readOnly : Theme.surface
        radius: root.radius
    }
    contentItem: RowLayout {
        spacing: 28

        Icon {
            accent: root.closed ? Theme.outline : Theme.seal
            color: root.closed ? Theme.outline : Theme.primary
            name: root.choice.icon ?? ""
            size: Theme.elder ? 72 : 60
            visible: name !== ""
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 8

            Txt {
                Layout.fillWidth: true
                color: root.closed ? Theme.inkMuted : Theme.ink
                font.pixelSize: Theme.elder ? Sizes.button : 32
                leading: 1.35
                strong: true
                text: root.text
            }
            TagLine {
                Layout.fillWidth: true
                tags: root.tags
                visible: root.tags.length > 0
            }
            Txt {
                Layout.fillWidth: true
                color: root.closed ? Theme.warningInk : Theme.inkMuted
                font.pixelSize: Theme.elder ? Sizes.note : 26
                leading: 1.4
                strong: root.closed
                text: root.closed && root.choice.reason ? root.choice.reason : root.choice.note ?? ""
                visible: text !== ""
            }
        }
        Icon {
            color: root.closed ? Theme.outline : Theme.primary
            name: "next"
            size: Theme.elder ? 52 : 40
        }
    }
}
