import QtQuick
import QtQuick.Layouts
import Kiosk

// Another way: outlined, in blue (or in ink, when it is one of several alike).
Pressable {
    id: root

    property bool blue: true
    property int fontSize: Sizes.button
    property string iconName
    property bool strong: root.blue

    bottomPadding: 8
    implicitHeight: Math.max(Sizes.targetButton, label.implicitHeight + 28)
    leftPadding: 20
    rightPadding: 20
    topPadding: 8

    background: Rectangle {
        border.color: root.blue ? Theme.primary : Theme.outline
        border.width: Theme.elder ? 3 : 2
        color: root.pressed ? Theme.primaryTint : Theme.surface
        radius: root.radius
    }
    contentItem: Item {
        implicitHeight: row.implicitHeight
        implicitWidth: row.implicitWidth

        RowLayout {
            id: row

            anchors.centerIn: parent
            spacing: 14
            width: Math.min(parent.width, implicitWidth)

            Icon {
                color: Theme.primary
                name: root.iconName
                size: Math.round(root.fontSize * 1.45)
            }
            Txt {
                id: label

                Layout.fillWidth: true
                Layout.maximumWidth: Math.ceil(implicitWidth)
                color: root.blue ? Theme.primary : Theme.ink
                font.pixelSize: root.fontSize
                horizontalAlignment: root.iconName ? Text.AlignLeft : Text.AlignHCenter
                leading: 1.3
                strong: root.strong
                text: root.text
            }
        }
    }
}
