pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// The terminal cannot serve: why, until when, where else.
PageBase {
    id: root

    Rectangle {
        anchors.fill: parent
        color: Theme.paper
    }
    Mountains {
        height: parent.height
        name: Theme.landscape ? "mountains-wide" : "mountains-portrait"
        natural: Theme.landscape ? 1920 / 1080 : 1080 / 1400
        opacity: 0.35
        shift: Theme.landscape ? 0 : parent.height - width / natural + 60
        width: parent.width
    }
    StaffCorner {
        x: 56
        y: 56

        contentItem: BureauMark {}
    }
    Txt {
        anchors.right: parent.right
        anchors.rightMargin: 56
        font.pixelSize: 64
        leading: 1.2
        strong: true
        text: Moment.time
        wrapMode: Text.NoWrap
        y: 46
    }
    Card {
        anchors.centerIn: parent
        anchors.verticalCenterOffset: Theme.landscape ? 20 : -120
        implicitHeight: inner.implicitHeight + 120
        height: implicitHeight
        width: Math.min(parent.width - 2 * Sizes.margin, 1100)

        ColumnLayout {
            id: inner

            anchors.left: parent.left
            anchors.margins: 64
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            spacing: 24

            Icon {
                Layout.alignment: Qt.AlignHCenter
                Layout.bottomMargin: 12
                name: "pause"
                size: 144
                stroke: 2.2
            }
            Title {
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignHCenter
                largest: Sizes.titleDone
                smallest: 56
                text: root.page.title
            }
            Txt {
                Layout.fillWidth: true
                color: Theme.inkMuted
                font.pixelSize: Sizes.body
                horizontalAlignment: Text.AlignHCenter
                text: root.page.lead
                visible: text !== ""
            }
            Repeater {
                model: root.page.body.length

                Txt {
                    required property int index

                    Layout.fillWidth: true
                    font.pixelSize: Sizes.body + 4
                    horizontalAlignment: Text.AlignHCenter
                    text: root.page.body[index] ?? ""
                }
            }
        }
    }
}
