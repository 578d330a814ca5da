import QtQuick
import QtQuick.Layouts
import Kiosk

// Turn pages: nobody has to drag anything.
RowLayout {
    id: root

    property string name: "pager"
    property int page: 1
    property int pages: 1
    property string text: Words.fill(Words.t["pager.of"], {
        "page": root.page,
        "pages": root.pages
    })

    signal turned(int page)

    spacing: 16

    component Turn: Pressable {
        id: turn

        property string iconName

        implicitHeight: Sizes.targetMinimum
        implicitWidth: Sizes.targetMinimum
        radius: Sizes.radiusSmall

        background: Rectangle {
            border.color: turn.enabled ? Theme.primary : Theme.outline
            border.width: 2
            color: turn.pressed ? Theme.primaryTint : turn.enabled ? Theme.writable : "transparent"
            opacity: turn.enabled ? 1 : 0.45
            radius: turn.radius
        }
        contentItem: Item {
            Icon {
                anchors.centerIn: parent
                color: turn.enabled ? Theme.primary : Theme.outline
                name: turn.iconName
                opacity: turn.enabled ? 1 : 0.45
                size: 36
                stroke: 4
            }
        }
    }

    Turn {
        enabled: root.page > 1
        iconName: "back"
        objectName: root.name + ":previous"
        text: Words.t["pager.previous"]

        onClicked: root.turned(root.page - 1)
    }
    Txt {
        Layout.leftMargin: 12
        Layout.rightMargin: 12
        font.pixelSize: Theme.elder ? Sizes.note : 28
        horizontalAlignment: Text.AlignHCenter
        leading: 1.2
        strong: true
        text: root.text
        wrapMode: Text.NoWrap
    }
    Turn {
        enabled: root.page < root.pages
        iconName: "next"
        objectName: root.name + ":next"
        text: Words.t["pager.next"]

        onClicked: root.turned(root.page + 1)
    }
}
